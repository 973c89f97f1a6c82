// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A pppd that starts as fast as a program can: it says what our plugin says when it
 * has its channel and when the peer is authenticated, and waits for the end. For
 * stories about the number of pppds: in a user-mode machine the real one takes a
 * third of a second to start.
 */
#include <unistd.h>

int main(void)
{
	static const char lines[] = "kpptp: attached\nkpptp: authenticated\n";

	if (write(STDERR_FILENO, lines, sizeof(lines) - 1) < 0)
		return 1;
	for (;;)
		pause();
}
