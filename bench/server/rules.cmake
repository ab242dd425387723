target_link_libraries(bench_serve PRIVATE z)
