target_link_libraries(test_builtin PRIVATE ag_builtin)
target_link_options(test_card_memory PRIVATE -Wl,--wrap=calloc,--wrap=ag_arena_alloc
  -Wl,--wrap=ag_arena_array,--wrap=ag_arena_text)
target_link_libraries(test_card_search PRIVATE ag_builtin)
