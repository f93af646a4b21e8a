package dev.seiche.bench;

/** The product of a[M, K] and b[K, N]. */
public record Matmul(int m, int n, int k) implements Task {
    public Array a() {
        return Array.normal("matmul.a", 1, m, k);
    }

    public Array b() {
        return Array.normal("matmul.b", 1, k, n);
    }

    @Override
    public String name() {
        return "matmul-" + m + "x" + n + "x" + k;
    }

    @Override
    public String title() {
        return "matmul %d x %d x %d".formatted(m, n, k);
    }

    @Override
    public double flops() {
        return 2.0 * m * n * k;
    }

    @Override
    public long terms() {
        return k;
    }

    @Override
    public Work in(Session session) {
        return session.matmul(this);
    }
}
