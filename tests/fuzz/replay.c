// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Feeds files to a fuzz target, once each: for compilers without libFuzzer.
 *
 * usage: TARGET FILE...
 */
#include "fuzz.h"

/* As libFuzzer's own default for inputs. */
#define INPUT_MAX (1 << 20)

static int replay(const char *path)
{
	static uint8_t input[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	uint8_t *copy;
	size_t size;

	if (!file) {
		perror(path);
		return -1;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	/* As long as the input, so that a sanitizer sees its end. */
	copy = malloc(size ? size : 1);
	must(copy);
	for (size_t i = 0; i < size; i++)
		copy[i] = input[i];
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			status = 1;
	printf("%d inputs replayed\n", argc - 1);
	return status;
}
