# SPDX-License-Identifier: GPL-2.0-or-later
#
# make                everything: the modules for the running kernel, and user space
# make module         kpptp.ko and kpptp_mppe.ko, in this folder, for the kernel whose
#                     build folder is KDIR
# make user           kpptpd, kpptpctl and the plugin for pppd, in user/build
# make demo           show a VPN through the module, in a virtual machine
# make check          all tests but the slow ones; ends in "N passed, N failed"
# make check-all      the slow ones too: the other kernels, a fresh Debian 12 and 13, a
#                     server under load for half an hour
# make coverage       which lines the unit tests and the KUnit suites run
# make bench          measure it beside the bare path, the in-tree driver, and Debian's
#                     pptpd; some of it: make bench BENCH="encrypted clear"
# make install        user space and the modules, under PREFIX and DESTDIR
# make dkms-install   user space, and the modules by DKMS: rebuilt with each kernel;
#                     now for the one that runs, or KERNEL=RELEASE
# make deb            Debian packages of both, in tests/build/deb
# make lint           what checkpatch, sparse, clang-format and shellcheck say
# make deps           install the Debian packages that building needs
# make clean          remove what was built

KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr
DESTDIR ?=

KPPTP_VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
export KPPTP_VERSION

# What DKMS builds the modules from.
DKMS_SOURCES := Kbuild Makefile dkms.conf COPYING kernel include
DKMS_DIR := $(DESTDIR)/usr/src/kpptp-$(KPPTP_VERSION)

.PHONY: all module user demo check check-all coverage bench lint deps clean clean-module
.PHONY: install install-user install-module dkms-install dkms-uninstall uninstall-user
.PHONY: dkms-sources deb

all: module user

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

user:
	$(MAKE) -C user

demo:
	tests/demo/run.sh

check:
	tests/check.sh --jobs 2

check-all:
	tests/check-all.sh --jobs 2

coverage:
	tests/unit/coverage.sh
	tests/kunit/coverage.sh

bench:
	tests/bench/run.sh $(BENCH)

lint:
	tests/lint.sh

deps:
	tests/vm/deps.sh build

install: install-user install-module

install-user: user
	$(MAKE) -C user install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

uninstall-user:
	$(MAKE) -C user uninstall PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) modules_install

dkms-install: install-user dkms-sources
	dkms install --force kpptp/$(KPPTP_VERSION) $(if $(KERNEL),-k $(KERNEL))

dkms-sources:
	rm -rf $(DKMS_DIR)
	install -d $(DKMS_DIR)
	find $(DKMS_SOURCES) -type f ! -name '*.mod.c' ! -name probed.h \
		\( -name '*.[ch]' -o -name 'Kbuild*' -o -name Makefile -o -name dkms.conf -o -name COPYING \) \
		-exec cp -p --parents -t $(DKMS_DIR) {} +

dkms-uninstall:
	dkms remove kpptp/$(KPPTP_VERSION) --all
	rm -rf $(DKMS_DIR)

# dpkg-buildpackage wants a folder debian/ and writes beside the sources: both
# get a copy. Who builds the packages is who maintains them.
DEB := tests/build/deb
DEBFULLNAME ?= The kpptp authors
DEBEMAIL ?= kpptp@packages.invalid

deb:
	rm -rf $(DEB)
	mkdir -p $(DEB)/kpptp-$(KPPTP_VERSION)
	tar --exclude='*.o' --exclude='*.ko' --exclude='*.mod*' --exclude='.*.cmd' --exclude='user/build*' \
		--exclude=probed.h -cf - $(DKMS_SOURCES) user | tar -xf - -C $(DEB)/kpptp-$(KPPTP_VERSION)
	cd $(DEB)/kpptp-$(KPPTP_VERSION) && mv user/debian debian && \
		sed -i 's/@MAINTAINER@/$(DEBFULLNAME) <$(DEBEMAIL)>/' debian/control debian/changelog && \
		dpkg-buildpackage -us -uc -b
	rm -rf $(DEB)/kpptp-$(KPPTP_VERSION)

clean: clean-module
	$(MAKE) -C user clean
	rm -rf tests/build

clean-module:
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
