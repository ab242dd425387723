# libpq's headers lie in a folder of their own.
find_path(AG_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
target_include_directories(ag_store PRIVATE ${AG_LIBPQ_INCLUDE})
