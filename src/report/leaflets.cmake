# Write the texts of FOLDER (en/*.md and their namesakes in es/) as the C table TABLE into OUTPUT.
# Run with cmake -P.
get_filename_component(name ${FOLDER} NAME)
set(code "/* Made from knowledge/${name}. */\n#include \"leaflets.h\"\n")
set(table "")
set(n 0)
file(GLOB files RELATIVE ${FOLDER}/en ${FOLDER}/en/*.md)
list(SORT files)
foreach(file IN LISTS files)
  foreach(language en es)
    file(READ ${FOLDER}/${language}/${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
    string(APPEND code "static const char ${language}_${n}[] = {${hex}0};\n")
  endforeach()
  string(REGEX REPLACE "[.]md$" "" id ${file})
  string(APPEND table
    "    {\"${id}\", {[AG_ENGLISH] = en_${n}, [AG_SPANISH] = es_${n}}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUTPUT}
  "${code}const ag_leaflet_file ${TABLE}[] = {\n${table}    {NULL, {NULL}}};\n")
