package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The structure of a chain of elementwise ops: all that its kernel's text depends on. Numbers, addresses and sizes are
 * arguments, so the same chain of another learning rate or batch has the same kernel.
 *
 * @param dtype of all operands and results
 * @param reads for each operand the number of the walk along it, or {@link #IN_ORDER}; operands with the same number lie
 *     alike
 * @param steps the ops in order
 * @param stored numbers of the steps whose results are written to memory, ascending; at least one
 */
record ChainProgram(DType dtype, List<Integer> reads, List<Step> steps, List<Integer> stored) {
    /** In place of the number of a walk: element i lies at i. */
    static final int IN_ORDER = -1;

    /** The ops that a name spells out. */
    private static final int OPS_IN_NAME = 4;

    /**
     * One op.
     *
     * @param expression its name in {@code expressions.cuh}
     * @param operands number of the step whose result it is, or {@link ChainProgram#read} of an operand's number
     * @param attributes how many numbers the expression takes after the operands
     */
    record Step(String expression, List<Integer> operands, int attributes) {}

    /** As an operand of a step: what is read as number {@code k}. */
    static int read(int k) {
        return ~k;
    }

    /** Operands in another order than the results, or stretched. */
    long walked() {
        return reads.stream().filter(walk -> walk != IN_ORDER).count();
    }

    private int walks() {
        return reads.stream().mapToInt(walk -> walk + 1).max().orElse(0);
    }

    private int attributes() {
        return steps.stream().mapToInt(Step::attributes).sum();
    }

    /**
     * The name of its kernel: the first ops, how many operands are read in order and otherwise, how many results are
     * written, and a digest of the rest.
     */
    String name() {
        String ops = steps.stream().limit(OPS_IN_NAME).map(Step::expression).collect(Collectors.joining("_"));
        String more = steps.size() > OPS_IN_NAME ? "_and" + (steps.size() - OPS_IN_NAME) : "";
        return "chain_" + dtype + "_" + ops + more + "_in" + (reads.size() - walked()) + "_by" + walked() + "_out"
                + stored.size() + "_" + ImageCache.digest(List.of(source(""))).substring(0, 12);
    }

    /** The text of its kernel under a name. */
    String source(String kernel) {
        StringBuilder text = new StringBuilder("#include \"expressions.cuh\"\n\n");
        if (attributes() > 0) {
            text.append("struct Attributes {\n    double at[")
                    .append(attributes())
                    .append("];\n};\n\n");
        }
        text.append("extern \"C\" __global__ void ").append(kernel).append('(');
        text.append(String.join(", ", parameters())).append(") {\n");
        line(text, "    unsigned i = thread_number();");
        line(text, "    if (i < n) {");
        for (int w = 0; w < walks(); w++) {
            line(text, "        i64 at" + w + " = place(s" + w + ", i);");
        }
        for (int k = 0; k < reads.size(); k++) {
            String at = reads.get(k) == IN_ORDER ? "i" : "at" + reads.get(k);
            line(text, "        " + type() + " x" + k + " = in" + k + "[" + at + "];");
        }
        int attribute = 0;
        for (int k = 0; k < steps.size(); k++) {
            Step step = steps.get(k);
            List<String> arguments = new ArrayList<>();
            step.operands().forEach(operand -> arguments.add(operand < 0 ? "x" + ~operand : "r" + operand));
            for (int p = 0; p < step.attributes(); p++) {
                arguments.add("a.at[" + attribute++ + "]");
            }
            String value = step.expression() + "::of(" + String.join(", ", arguments) + ")";
            line(text, "        " + type() + " r" + k + " = " + value + ";");
        }
        for (int k : stored) {
            line(text, "        out" + k + "[i] = r" + k + ";");
        }
        return text.append("    }\n}\n").toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private String type() {
        return dtype == DType.F32 ? "float" : "double";
    }

    private List<String> parameters() {
        List<String> all = new ArrayList<>();
        IntStream.range(0, reads.size()).forEach(k -> all.add("const " + type() + "* in" + k));
        stored.forEach(k -> all.add(type() + "* out" + k));
        all.add("unsigned n");
        if (attributes() > 0) {
            all.add("Attributes a");
        }
        IntStream.range(0, walks()).forEach(w -> all.add("Space s" + w));
        return all;
    }
}
