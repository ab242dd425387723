target_link_libraries(bench_assess PRIVATE antegrade)
target_compile_definitions(bench_assess PRIVATE AG_PROGRAM="${PROJECT_BINARY_DIR}/antegrade")
add_dependencies(bench_assess program)
