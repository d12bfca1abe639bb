// SPDX-License-Identifier: Apache-2.0
//
// The rival in `lutra bench sim`: stimulus from a file, a loop around the Verilated model, the commands of SimulationProcess.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "Vmodel.h"
#include "verilated.h"

#include "rows.h"

enum { RESET_CYCLES = 2, PARTS = 61 };

static void answer(const char* text) {
    puts(text);
    fflush(stdout);
}

static inline void cycle(Vmodel& top) {
    top.clk = 0;
    top.eval();
    top.clk = 1;
    top.eval();
}

int main(int, char** arguments) {
    char line[64];
    VerilatedContext context;
    Vmodel top{&context};
    reset(top, 0);
    cycle(top);
    if (!fgets(line, sizeof line, stdin)) return 0;
    answer("");
    if (!fgets(line, sizeof line, stdin)) return 0;

    FILE* const file = fopen(arguments[1], "rb");
    fseek(file, 0, SEEK_END);
    const size_t rows = ftell(file) / 8 / IN_WORDS;
    rewind(file);
    std::vector<uint64_t> stimulus(rows * IN_WORDS), response(rows * OUT_WORDS);
    if (fread(stimulus.data(), 8 * IN_WORDS, rows, file) != rows) return 1;
    fclose(file);

    uint64_t hash = 0;
    const auto run = [&](size_t from, size_t to) {
        const uint64_t* in = stimulus.data();
        uint64_t* out = response.data();
        for (size_t row = 0; row < rows; ++row) {
            load(top, in);
            top.clk = 0;
            top.eval();
            store(top, out);
            top.clk = 1;
            top.eval();
            in += IN_WORDS;
            out += OUT_WORDS;
        }
        for (size_t k = from * OUT_WORDS; k < to * OUT_WORDS; ++k) {
            hash ^= response[k];
            hash = (hash << 23 | hash >> 41) * 0x9E3779B97F4A7C15u;
        }
    };
    const auto tell = [&](long runs) { printf("%ld:%llx ", runs, static_cast<unsigned long long>(hash)); };

    reset(top, 1);
    for (int i = 0; i < RESET_CYCLES; ++i) cycle(top);
    reset(top, 0);
    run(0, rows);
    tell(0);
    answer("");
    for (long runs = 0; fgets(line, sizeof line, stdin);) {
        for (int count = atoi(line + sizeof "run"); count > 0; --count) {
            const size_t part = runs % PARTS;
            run(rows * part / PARTS, rows * (part + 1) / PARTS);
            tell(++runs);
        }
        answer("");
    }
    return 0;
}
