/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make text from others safe for a terminal, a log and JSON.
 */
#ifndef KPPTP_TEXT_H
#define KPPTP_TEXT_H

/**
 * kpptp_text_clean() - keep only printable UTF-8
 * @text: changed in place, same length; each byte of a control character (C0,
 *	DEL, C1), of a line or paragraph separator, of a character that changes
 *	text direction, and of anything that is not UTF-8 becomes '?'
 */
void kpptp_text_clean(char *text);

#endif /* KPPTP_TEXT_H */
