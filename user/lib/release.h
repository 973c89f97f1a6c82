/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --version says. */
#ifndef KPPTP_RELEASE_H
#define KPPTP_RELEASE_H

#define KPPTP_RELEASE "1.0"

#endif /* KPPTP_RELEASE_H */
