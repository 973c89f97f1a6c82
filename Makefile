# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            everything: the module for the running kernel, and user space
# make module     kpptp.ko, for the kernel whose build directory is KDIR
# make user       kpptpd, kpptpctl and the pppd plugin
# make demo       a VPN through our own module, in a virtual machine
# make check      all tests; ends in "N passed, N failed"
# make install    user space (PREFIX, DESTDIR), and the module for KDIR
# make clean

KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr
DESTDIR ?=

KPPTP_VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
export KPPTP_VERSION

.PHONY: all module user demo check install clean deps

all: module user

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

user:
	$(MAKE) -C user

clean:
	$(MAKE) -C user clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
