// SPDX-License-Identifier: GPL-2.0-or-later
/* A PPP channel of the kernel as a file descriptor of /dev/ppp. */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/ppp-ioctl.h>
#include <sys/ioctl.h>

#include "error.h"

#define PPP_DEVICE "/dev/ppp"

/* Since Linux 5.11; the headers may be older. */
#ifndef PPPIOCBRIDGECHAN
#define PPPIOCBRIDGECHAN _IOW('t', 53, int)
#endif

static int fail_attach(uint32_t index, int err, struct kpptp_error *error)
{
	if (err == ENXIO)
		return kpptp_fail(error, -err,
				  "there is no PPP channel %u in this network namespace: did the call end?",
				  index);
	return kpptp_fail(error, -err, "cannot attach to PPP channel %u: %s", index, strerror(err));
}

int kpptp_channel_attach(uint32_t index, struct kpptp_error *error)
{
	int channel = index;
	int fd, err;

	fd = open(PPP_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return kpptp_fail(error, -errno, "cannot open %s: %s: run 'modprobe ppp_generic'",
				  PPP_DEVICE, strerror(errno));
	if (!ioctl(fd, PPPIOCATTCHAN, &channel))
		return fd;
	err = fail_attach(index, errno, error);
	close(fd);
	return err;
}

static int fail_bridge(uint32_t index, int err, struct kpptp_error *error)
{
	if (err == EALREADY)
		return kpptp_fail(error, -err,
				  "cannot bridge with PPP channel %u: one of the two has an interface, or is bridged already",
				  index);
	if (err == ENXIO)
		return kpptp_fail(error, -err, "PPP channel %u is gone", index);
	if (err == ENOTTY)
		return kpptp_fail(error, -err,
				  "the kernel cannot bridge PPP channels: this requires Linux 5.11");
	return kpptp_fail(error, -err, "cannot bridge PPP channel %u: %s", index, strerror(err));
}

int kpptp_channel_bridge(int fd, uint32_t index, struct kpptp_error *error)
{
	int channel = index;

	if (!ioctl(fd, PPPIOCBRIDGECHAN, &channel))
		return 0;
	return fail_bridge(index, errno, error);
}

int kpptp_channel_compress(int fd, bool protocol, bool address, struct kpptp_error *error)
{
	int flags;

	if (ioctl(fd, PPPIOCGFLAGS, &flags))
		goto fail;
	flags &= ~(SC_COMP_PROT | SC_COMP_AC);
	if (protocol)
		flags |= SC_COMP_PROT;
	if (address)
		flags |= SC_COMP_AC;
	if (!ioctl(fd, PPPIOCSFLAGS, &flags))
		return 0;
fail:
	return kpptp_fail(error, -errno, "cannot set the flags of the PPP channel: %s",
			  strerror(errno));
}
