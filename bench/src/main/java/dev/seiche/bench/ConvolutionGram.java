package dev.seiche.bench;

/**
 * Inner products of the weight gradients of all pairs of samples of a 3x3 convolution that keeps height, width and channels,
 * from x and dy: [B, B].
 */
public record ConvolutionGram(int size, int channels, int batch) implements Task {
    public Array x() {
        return Array.normal("gram.x", 1, batch, size, size, channels);
    }

    public Array dy() {
        return Array.normal("gram.dy", 1, batch, size, size, channels);
    }

    @Override
    public String name() {
        return "samples-conv-gram-%d@%d".formatted(channels, size);
    }

    @Override
    public String title() {
        return "conv 3x3 %d to %d, %dx%d, batch %d, Gram matrix".formatted(channels, channels, size, size, batch);
    }

    @Override
    public double flops() {
        double weights = 9.0 * channels * channels;
        return 2 * weights * batch * (size * size + batch / 2.0);
    }

    @Override
    public long terms() {
        return 9L * channels * channels * size * size;
    }

    @Override
    public Work in(Session session) {
        return session.gram(this);
    }
}
