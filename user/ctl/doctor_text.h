/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: parse the output of other programs and the kernel. Pure. */
#ifndef KPPTPCTL_DOCTOR_TEXT_H
#define KPPTPCTL_DOCTOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <netinet/in.h>

/**
 * doctor_text_field() - the value on the line that begins with a name
 * @name: with its separator, such as "version:"
 * @value: filled, without surrounding blanks; "" if there is no such line
 *
 * Return: whether there is such a line.
 */
bool doctor_text_field(const char *text, const char *name, char *value, size_t size);

/**
 * struct doctor_socket - a listening socket in /proc/net/tcp or tcp6
 * @addr: also INADDR_ANY for the IPv6 wildcard, which may include IPv4
 */
struct doctor_socket {
	struct in_addr addr;
	unsigned int port;
	unsigned long inode;
};

/**
 * doctor_text_socket() - read a line of /proc/net/tcp or tcp6
 *
 * Return: whether it is a listening socket that may accept IPv4.
 */
bool doctor_text_socket(const char *line, struct doctor_socket *socket);

/* Room for the path of a local socket. */
#define DOCTOR_PATH_SIZE 109

/**
 * doctor_text_local_socket() - read a line of /proc/net/unix
 * @path: filled; an abstract name begins with '@'
 *
 * Return: whether it is a listening stream socket with a name.
 */
bool doctor_text_local_socket(const char *line, char *path, size_t size, unsigned long *inode);

/**
 * doctor_text_plugin_versions() - parse pppd's complaint about a plugin
 * @output: pppd's output
 * @built: filled with the version that the plugin was built for
 * @runs: filled with pppd's version
 *
 * Return: whether pppd complained about versions.
 */
bool doctor_text_plugin_versions(const char *output, char *built, char *runs, size_t size);

/**
 * doctor_text_first_line() - the first non-empty line
 */
void doctor_text_first_line(const char *text, char *line, size_t size);

#endif /* KPPTPCTL_DOCTOR_TEXT_H */
