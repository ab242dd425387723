# The closing question is made from the cards of red flags that are built in.
target_link_libraries(test_closing PRIVATE ag_builtin)
