/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program that is a worker: it is told what to do, then does it.
 */
#ifndef KPPTP_WORKER_MAIN_H
#define KPPTP_WORKER_MAIN_H

/**
 * kpptp_worker_main() - be the program that kpptp_worker_start() executed
 *
 * Anybody else who starts it so is told on standard error, status 2.
 *
 * Return: the exit status.
 */
int kpptp_worker_main(void);

#endif /* KPPTP_WORKER_MAIN_H */
