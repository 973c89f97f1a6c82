/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: reading what other programs and the kernel print. Pure. */
#ifndef KPPTPCTL_DOCTOR_TEXT_H
#define KPPTPCTL_DOCTOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <netinet/in.h>

/**
 * doctor_text_field() - the value on the line that begins with a name
 * @name: with what separates it, such as "version:"
 * @value: filled, without blanks around; "" if there is no such line
 *
 * Return: whether there is such a line.
 */
bool doctor_text_field(const char *text, const char *name, char *value, size_t size);

/**
 * struct doctor_socket - a listening socket of /proc/net/tcp or tcp6
 * @addr: INADDR_ANY for the IPv6 wildcard, too, which may take IPv4 along
 */
struct doctor_socket {
	struct in_addr addr;
	unsigned int port;
	unsigned long inode;
};

/**
 * doctor_text_socket() - read a line of /proc/net/tcp or tcp6
 *
 * Return: whether it is a listening socket that IPv4 may reach.
 */
bool doctor_text_socket(const char *line, struct doctor_socket *socket);

/* Room for the path of a local socket. */
#define DOCTOR_PATH_SIZE 109

/**
 * doctor_text_local_socket() - read a line of /proc/net/unix
 * @path: filled; an abstract name begins with '@'
 *
 * Return: whether it is a listening stream socket that has a name.
 */
bool doctor_text_local_socket(const char *line, char *path, size_t size, unsigned long *inode);

/**
 * doctor_text_plugin_versions() - from pppd's complaint about a plugin
 * @output: what pppd printed
 * @built: filled with the version that the plugin was built for
 * @runs: filled with that of pppd
 *
 * Return: whether pppd complained about versions.
 */
bool doctor_text_plugin_versions(const char *output, char *built, char *runs, size_t size);

/**
 * doctor_text_first_line() - the first line that is not empty
 */
void doctor_text_first_line(const char *text, char *line, size_t size);

#endif /* KPPTPCTL_DOCTOR_TEXT_H */
