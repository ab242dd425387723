// C's library has printf alone, which takes five times as long.
#include "number_text.h"

#include <charconv>

const char *ag_number_write(double number, char out[AG_NUMBER_TEXT]) {
    *std::to_chars(out, out + AG_NUMBER_TEXT - 1, number, std::chars_format::general, 17).ptr =
        '\0';
    return out;
}
