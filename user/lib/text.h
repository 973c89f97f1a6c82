/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that others wrote, made fit for a terminal, a log and JSON.
 */
#ifndef KPPTP_TEXT_H
#define KPPTP_TEXT_H

/**
 * kpptp_text_clean() - keep printable UTF-8 and nothing else
 * @text: changed in place, its length stays; each byte of a control character
 *	(C0, DEL, C1), of a line or paragraph separator, of a character that
 *	changes the direction of text, and of what is not UTF-8 becomes '?'
 */
void kpptp_text_clean(char *text);

#endif /* KPPTP_TEXT_H */
