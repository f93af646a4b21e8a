package dev.seiche.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the assembler says of each kernel.
 *
 * @param kernels by name
 * @param complaints lines that are warnings
 */
record PtxasLog(Map<String, Usage> kernels, List<String> complaints) {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    /** Of one kernel; bytes per thread, but shared memory per block. */
    record Usage(int registers, int sharedBytes, int stackBytes, int spilledBytes) {}

    static PtxasLog read(String log) {
        Map<String, Usage> kernels = new TreeMap<>();
        List<String> complaints = new ArrayList<>();
        String kernel = "";
        int stack = 0;
        int spilled = 0;
        for (String line : log.lines().toList()) {
            Matcher entry = ENTRY.matcher(line);
            Matcher frame = STACK.matcher(line);
            Matcher used = REGISTERS.matcher(line);
            if (line.contains("warning")) {
                complaints.add(line.strip());
            } else if (entry.find()) {
                kernel = entry.group(1);
            } else if (frame.find()) {
                stack = Integer.parseInt(frame.group(1));
                spilled = Integer.parseInt(frame.group(2)) + Integer.parseInt(frame.group(3));
            } else if (used.find()) {
                Matcher shared = SHARED.matcher(line);
                int bytes = shared.find() ? Integer.parseInt(shared.group(1)) : 0;
                kernels.put(kernel, new Usage(Integer.parseInt(used.group(1)), bytes, stack, spilled));
            }
        }
        return new PtxasLog(kernels, complaints);
    }
}
