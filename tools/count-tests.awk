# Count tests in ctest's logs: prints "passed failed".
# A cmocka program counts as its tests; a program that crashed, or that reported no failed test and
# still failed, as one failure more; any other program as one test.

FILENAME ~ /LastTestsFailed/ {
    sub(/^[0-9]+:/, "")
    broken[$0] = 1
    next
}
/^[0-9]+\/[0-9]+ Testing: / { name = $3; seen[name] = 1 }
/^\[  PASSED  \] [0-9]+ test\(s\)/ { passed[name] += $4 }
/^\[  FAILED  \] [0-9]+ test\(s\)/ { failed[name] += $4 }

END {
    for (name in broken) {
        seen[name] = 1
        if (!failed[name])
            failed[name] = 1
    }
    for (name in seen) {
        if (!failed[name] && !passed[name])
            passed[name] = 1
        all_passed += passed[name]
        all_failed += failed[name]
    }
    print all_passed + 0, all_failed + 0
}
