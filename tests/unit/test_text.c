// SPDX-License-Identifier: GPL-2.0-or-later
/* Text that others wrote: what is kept of it, and on its way into JSON. */
#include "text.h"
#include "unit.h"

#include <json-c/json.h>
#include <string.h>

#include "json.h"
#include "wire.h"

static const struct {
	const char *from, *to;
} texts[] = {
	{ "", "" },
	{ " ~plain", " ~plain" },
	{ "\x01\x1b[2J\x7f\n\t", "??[2J???" },
	/* Latin, Cyrillic, CJK and an emoji: at the ends of each length. */
	{ "\xc2\xa0\xdf\xbf", "\xc2\xa0\xdf\xbf" },
	{ "\xe0\xa0\x80\xed\x9f\xbf", "\xe0\xa0\x80\xed\x9f\xbf" },
	{ "\xee\x80\x80\xef\xbf\xbd", "\xee\x80\x80\xef\xbf\xbd" },
	{ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	/* C1, as bytes and as characters. */
	{ "\x80\x9b\x9f", "???" },
	{ "\xc2\x80\xc2\x9b\xc2\x9f", "??????" },
	/* Too long, surrogates, beyond the last, and lone bytes. */
	{ "\xc0\xaf\xc1\xbf", "????" },
	{ "\xe0\x9f\xbf\xf0\x8f\xbf\xbf", "???????" },
	{ "\xed\xa0\x80\xed\xbf\xbf", "??????" },
	{ "\xf4\x90\x80\x80\xf5\x80\x80\x80\xff", "?????????" },
	/* Cut, by the end or by something else. */
	{ "a\xc3", "a?" },
	{ "a\xe2\x82", "a??" },
	{ "a\xf0\x9f\x98", "a???" },
	{ "\xc3x\xe2\x82y", "?x??y" },
	{ "\xc3\xc3\xa4", "?\xc3\xa4" },
	/* Direction, and separators of lines; their neighbours stay. */
	{ "\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\x90", "\xe2\x80\x8d??????\xe2\x80\x90" },
	{ "\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf", "\xe2\x80\xa7??????\xe2\x80\xaf" },
	{ "\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa", "\xe2\x81\xa5??????\xe2\x81\xaa" },
};

static void what_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char *copy = strdup(texts[i].from);

		kpptp_text_clean(copy);
		assert_string_equal(copy, texts[i].to);
		free(copy);
	}
}

static void into_json(void **state)
{
	struct json_object *object = json_object_new_object();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		kpptp_json_add_text(object, "text", texts[i].from);
		assert_string_equal(json_object_get_string(json_object_object_get(object, "text")),
				    texts[i].to);
	}
	json_object_put(object);
}

/* Every text of a message, however long, and only the text. */
static void from_the_wire(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_SCCRQ }, got;
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len;

	(void)state;
	strcpy(msg.sccrq.host_name, "\x1b]0;x\x9b"
				    "2J\xc3\xa4");
	memset(msg.sccrq.vendor_name, 0x9b, 64);
	len = kpptp_wire_encode(&msg, buf);
	assert_int_equal(kpptp_wire_decode(buf, len, &got, NULL), KPPTP_DECODE_OK);
	assert_string_equal(got.sccrq.host_name, "?]0;x?2J\xc3\xa4");
	assert_int_equal(strspn(got.sccrq.vendor_name, "?"), 64);
	assert_int_equal(strlen(got.sccrq.vendor_name), 64);

	memset(&msg, 0, sizeof(msg));
	msg.type = KPPTP_ICRQ;
	strcpy(msg.icrq.dialed_number, "\xff"
				       "1");
	strcpy(msg.icrq.dialing_number, "\n2");
	strcpy(msg.icrq.subaddress, "\xc2\x85"
				    "3");
	len = kpptp_wire_encode(&msg, buf);
	assert_int_equal(kpptp_wire_decode(buf, len, &got, NULL), KPPTP_DECODE_OK);
	assert_string_equal(got.icrq.dialed_number, "?1");
	assert_string_equal(got.icrq.dialing_number, "?2");
	assert_string_equal(got.icrq.subaddress, "??3");

	memset(&msg, 0, sizeof(msg));
	msg.type = KPPTP_CDN;
	memset(msg.cdn.call_statistics, 0xe2, 128);
	len = kpptp_wire_encode(&msg, buf);
	assert_int_equal(kpptp_wire_decode(buf, len, &got, NULL), KPPTP_DECODE_OK);
	assert_int_equal(strspn(got.cdn.call_statistics, "?"), 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept),
		cmocka_unit_test(into_json),
		cmocka_unit_test(from_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
