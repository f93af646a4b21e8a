package dev.seiche.tensor;

import java.util.List;

/** The operands of an op do not fit each other. Always the caller's mistake; the message names the op and operands. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private ShapeException(String message) {
        super(message);
    }

    /** {@code reason} states the two facts that disagree, with a fix where one is certain. */
    public static ShapeException of(Op op, String reason, List<? extends Value> in) {
        StringBuilder text = new StringBuilder(op.name()).append(": ").append(reason);
        List<String> names = op.inputNames();
        for (int i = 0; i < in.size(); i++) {
            String name = i < names.size() ? names.get(i) : "in" + i;
            text.append("\n  ").append(name).append(": ").append(in.get(i).describe());
        }
        return new ShapeException(text.toString());
    }
}
