if(TARGET ag_builtin)
  target_link_libraries(test_routes PRIVATE ag_builtin)
endif()
target_link_options(test_reader_memory PRIVATE -Wl,--wrap=ag_arena_alloc,--wrap=ag_arena_array
  -Wl,--wrap=ag_arena_text,--wrap=ag_arena_copy,--wrap=malloc,--wrap=realloc)
