// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A stand-in for pppd that starts quickly: it prints what our plugin prints when the
 * channel is attached and the peer authenticated, and waits to be killed. For stories
 * with many pppds: a real one takes a third of a second to start in a user-mode
 * machine.
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
