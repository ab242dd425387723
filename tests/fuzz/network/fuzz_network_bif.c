/* Any text read as BIF: refused with a place, or a network that is written and read back unchanged.
 */
#include "read_and_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return read_and_write(AG_NETWORK_BIF, data, size);
}
