# The tract against SUNDIALS CVODE, where that is installed.
find_library(AG_CVODE sundials_cvode)
if(AG_CVODE)
  add_library(tract_plain STATIC ${CMAKE_CURRENT_LIST_DIR}/tract_plain.c)
  target_include_directories(tract_plain PUBLIC ${CMAKE_CURRENT_LIST_DIR} ${PROJECT_SOURCE_DIR}/include)
  target_compile_options(tract_plain PRIVATE -Wall -Wextra -O2 -fno-math-errno)
  target_link_libraries(tract_plain PUBLIC sundials_cvode sundials_nvecserial m)
  ag_test_program(tract_cvode SOURCES ${CMAKE_CURRENT_LIST_DIR}/tract_cvode.c USES tract)
  target_link_libraries(tract_cvode PRIVATE tract_plain)
endif()

# Cells of the tables in knowledge/tables, computed again; AG_TABLE_SEED chooses others.
set(AG_TABLE_SEED 1 CACHE STRING "Which cells of the tract's tables the tests compute again")
if(EXISTS ${PROJECT_SOURCE_DIR}/knowledge/tables/tract-cells.csv AND NOT AG_SANITIZE)
  add_test(NAME tract_tables COMMAND tract_tables ${PROJECT_SOURCE_DIR}/knowledge/tables
    --check 5 ${AG_TABLE_SEED})
endif()
