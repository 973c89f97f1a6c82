// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU that counts the instructions executed at each address
 * between two marks. A mark is the instruction "xchg %bx, %bx", which does
 * nothing, and which compilers do not emit (see mark.c).
 *
 *	-plugin counter.so,FILE: lines "ADDRESS INSTRUCTIONS", by block, in hex
 *	and decimal, are in FILE when the second mark has passed.
 *
 * The declarations are those of QEMU's plugin interface, version 1; Debian has
 * no package with its header.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int, void *), int flags,
					    void *data);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *counter,
					      uint64_t value);
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

enum { PLUGIN_API = 1, PLUGIN_CB_NO_REGS = 0, PLUGIN_INLINE_ADD_U64 = 0 };

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_API;

#define BUCKETS 65536

struct block {
	struct block *next;
	uint64_t address;
	uint64_t instructions;
};

static struct block *buckets[BUCKETS];
static const char *path;

static struct block *block_of(uint64_t address)
{
	struct block **head = &buckets[(address >> 2) % BUCKETS];
	struct block *b;

	for (b = *head; b; b = b->next)
		if (b->address == address)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->address = address;
	b->next = *head;
	*head = b;
	return b;
}

static void write_counts(void)
{
	FILE *out = fopen(path, "w");

	if (!out) {
		perror(path);
		return;
	}
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct block *b = buckets[i]; b; b = b->next)
			if (b->instructions)
				fprintf(out, "%" PRIx64 " %" PRIu64 "\n", b->address,
					b->instructions);
	fclose(out);
}

/* The first mark starts the count, the second ends it. */
static void marked(unsigned int cpu, void *data)
{
	static bool counting;

	(void)cpu;
	(void)data;
	if (counting) {
		write_counts();
		return;
	}
	counting = true;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct block *b = buckets[i]; b; b = b->next)
			b->instructions = 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	static const unsigned char mark[] = { 0x66, 0x87, 0xdb };
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, PLUGIN_INLINE_ADD_U64,
						 &block_of(qemu_plugin_tb_vaddr(tb))->instructions,
						 n);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (qemu_plugin_insn_size(insn) == sizeof(mark) &&
		    !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, PLUGIN_CB_NO_REGS,
							       NULL);
	}
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1) {
		fprintf(stderr, "counter.so: which file? -plugin counter.so,FILE\n");
		return 1;
	}
	/* QEMU gives a plain argument as FILE=on. */
	path = strndup(argv[0], strcspn(argv[0], "="));
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
