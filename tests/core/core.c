/** @file core.c A program of all the core's objects: it links only if they need no more than libc
 * and libm. */
int main(void) {
    return 0;
}
