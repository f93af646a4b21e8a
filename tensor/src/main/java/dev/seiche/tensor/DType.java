package dev.seiche.tensor;

/** Element types. F32 computes, F64 is the oracle, I32 holds labels and token ids. */
public enum DType {
    F32(4, true, "f32"),
    F64(8, true, "f64"),
    I32(4, false, "i32");

    private final int bytes;
    private final boolean floating;
    private final String label;

    DType(int bytes, boolean floating, String label) {
        this.bytes = bytes;
        this.floating = floating;
        this.label = label;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** True for F32 and F64: the types that arithmetic and differentiation are defined on. */
    public boolean floating() {
        return floating;
    }

    @Override
    public String toString() {
        return label;
    }
}
