// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Own calls, each with a PPP interface that passes IP, until killed.
 *
 * usage: netlink-hold LOCAL PEER FIRST-ID FIRST-PEER-ID COUNT
 *
 * Prints the names of the interfaces, one a line. What negotiates PPP is left
 * out: a call is what matters here, and there may be many.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ppp-ioctl.h>
#include <linux/ppp_defs.h>
#include <sys/ioctl.h>

#include "netlink.h"

static void die(const char *what)
{
	fprintf(stderr, "netlink-hold: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Make a call that dies with the socket. Returns its channel. */
static int call_new(int fd, uint16_t family, char **argv, unsigned int i)
{
	const uint32_t *channel;
	struct request r;
	struct answer a;

	request_start(&r, family, KPPTP_CMD_CALL_NEW, NLM_F_ACK);
	request_u32(&r, KPPTP_A_CALL_LOCAL, inet_addr(argv[1]));
	request_u32(&r, KPPTP_A_CALL_PEER, inet_addr(argv[2]));
	request_u16(&r, KPPTP_A_CALL_ID, atoi(argv[3]) + i);
	request_u16(&r, KPPTP_A_CALL_PEER_ID, atoi(argv[4]) + i);
	request_put(&r, KPPTP_A_CALL_OWNED, NULL, 0);
	errno = request_send(fd, &r);
	if (errno)
		die("call-new");
	answer_read(fd, &a);
	errno = -a.error;
	channel = answer_attr(&a, KPPTP_A_CALL_CHANNEL);
	if (a.error || !channel)
		die("call-new");
	return *channel;
}

/* Put an interface on a channel. The descriptors stay open: they hold both. */
static int unit_new(int channel)
{
	struct npioctl ip = { .protocol = PPP_IP, .mode = NPMODE_PASS };
	int chan_fd = open("/dev/ppp", O_RDWR), unit_fd = open("/dev/ppp", O_RDWR);
	int unit = -1;

	if (chan_fd < 0 || unit_fd < 0)
		die("/dev/ppp");
	if (ioctl(chan_fd, PPPIOCATTCHAN, &channel))
		die("PPPIOCATTCHAN");
	if (ioctl(unit_fd, PPPIOCNEWUNIT, &unit))
		die("PPPIOCNEWUNIT");
	if (ioctl(chan_fd, PPPIOCCONNECT, &unit))
		die("PPPIOCCONNECT");
	if (ioctl(unit_fd, PPPIOCSNPMODE, &ip))
		die("PPPIOCSNPMODE");
	return unit;
}

int main(int argc, char **argv)
{
	int fd, i, count;
	uint16_t family;

	if (argc != 6) {
		fprintf(stderr, "usage: netlink-hold LOCAL PEER FIRST-ID "
				"FIRST-PEER-ID COUNT\n");
		return 2;
	}
	count = atoi(argv[5]);
	fd = netlink_open();
	family = family_find(fd, NULL);
	if (!family) {
		fprintf(stderr, "netlink-hold: the module is not loaded\n");
		return 1;
	}
	for (i = 0; i < count; i++)
		printf("ppp%d\n", unit_new(call_new(fd, family, argv, i)));
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}
