# month.awk: records of 24 daily runs of a made-up machine: two switchers; from the 13th on pip takes 8% more and an
# instruction more; on the 5th everything takes three times as long.
function metric(value, lo, hi, n, method, unit) {
    return "{\"value\":" value ",\"unit\":\"" unit "\",\"method\":\"" method "\",\"lo\":" lo ",\"hi\":" hi ",\"n\":" n "}"
}
function result(run, switcher, ns, instructions,   i, samples, lo, hi) {
    for (i = 0; i < 9; i++) samples = samples (i ? "," : "") ns * (1 + 0.005 * (i - 4))
    lo = ns * 0.98; hi = ns * 1.02
    if (ns == 3) lo = 2.9
    print "{\"type\":\"result\",\"run\":\"" run "\",\"experiment\":\"pingpong\",\"switcher\":\"" switcher "\",\"kind\":\"" switcher "\",\"arch\":\"toy\"," \
        "\"mask\":\"none\",\"state\":\"none\",\"transfer\":\"jmp\",\"engine\":\"native\",\"params\":{},\"check\":{\"status\":\"pass\",\"registers\":3,\"corrupted\":[]}," \
        "\"metrics\":{\"ns\":" metric(ns, lo, hi, 9, "measured", "ns") ",\"instructions\":" metric(instructions, instructions, instructions, 1, "counted", "instructions") "}," \
        "\"samples\":{\"ns\":[" samples "]}}"
}
BEGIN {
    CONVFMT = OFMT = "%.10g"
    for (day = 1; day <= 24; day++) {
        run = sprintf("r%02d", day)
        printf "{\"type\":\"run\",\"schema\":1,\"run\":\"%s\",\"time\":\"2026-01-%02dT12:00:00Z\",\"commit\":\"c%d\",\"seed\":7," \
            "\"env\":{\"cpu\":\"CPU 9\",\"vendor\":\"Maker\",\"family\":25,\"model\":17,\"stepping\":1,\"cpus\":8,\"memory_bytes\":16700000000}," \
            "\"clock\":{\"source\":\"made up\"}}\n", run, day, day
        spike = day == 5 ? 3 : 1
        result(run, "pip", 3 * spike * (day > 12 ? 1.08 : 1), day > 12 ? 10 : 9)
        result(run, "full", 28 * spike, 49)
    }
}
