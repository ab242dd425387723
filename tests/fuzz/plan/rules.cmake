# Changes are read against the small folder of cards that the plan is tested on.
target_link_libraries(fuzz_what_if PRIVATE ag_cards ag_casefile)
