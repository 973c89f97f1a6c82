/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker's program: receives its configuration, then runs.
 */
#ifndef KPPTP_WORKER_MAIN_H
#define KPPTP_WORKER_MAIN_H

/**
 * kpptp_worker_main() - the program that kpptp_worker_start() executed
 *
 * If started by anyone else it says so on standard error and returns 2.
 *
 * Return: the exit status.
 */
int kpptp_worker_main(void);

#endif /* KPPTP_WORKER_MAIN_H */
