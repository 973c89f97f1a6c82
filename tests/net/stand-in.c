// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A pppd that starts as fast as a program can: it says what our plugin says when it
 * has its channel, and waits for the end. For stories about the number of pppds: in
 * a user-mode machine the real one takes a third of a second to start.
 */
#include <unistd.h>

int main(void)
{
	static const char line[] = "kpptp: attached\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		return 1;
	for (;;)
		pause();
}
