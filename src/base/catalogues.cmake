# Write the compiled catalogue MO as the Spanish entry of ag_catalogues into OUTPUT. cmake -P.
file(READ ${MO} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
file(WRITE ${OUTPUT} "/* Made from po/. */\n#include \"language.h\"\n"
  "static const unsigned char spanish[] = {${hex}};\n"
  "const unsigned char *const ag_catalogues[AG_LANGUAGES] = {[AG_SPANISH] = spanish};\n")
