package dev.seiche.bench;

import dev.seiche.tensor.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the frameworks compute, compared before anything is timed. Each framework answers in a process of its own, which
 * leaves the answers in a file.
 */
final class Answers {
    /** Half a unit in the last place of 1 in f32: the largest relative error of one rounding. */
    static final double ROUNDING = 0x1p-24;

    private Answers() {}

    /** Arguments: a framework, a number of threads, a directory; then the names of tasks. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[2]);
        try (Session session = Framework.named(args[0]).open(Integer.parseInt(args[1]))) {
            for (String name : List.of(args).subList(3, args.length)) {
                try (Work work = Catalogue.named(name).in(session)) {
                    write(directory.resolve(name), work.answer());
                }
            }
        }
        // the frameworks' own threads do not all end by themselves
        System.exit(0);
    }

    private static void write(Path file, List<Array> answer) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(answer.size());
            for (Array array : answer) {
                out.writeUTF(array.name());
                out.writeInt(array.shape().rank());
                for (int dim : array.shape().dims()) {
                    out.writeInt(dim);
                }
                for (float value : array.values()) {
                    out.writeFloat(value);
                }
            }
        }
    }

    /** The answer to a task that a process left in this directory. */
    static List<Array> read(Path directory, Task task) {
        Path file = directory.resolve(task.name());
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            List<Array> answer = new ArrayList<>();
            for (int count = in.readInt(); count > 0; count--) {
                String name = in.readUTF();
                int[] dims = new int[in.readInt()];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = in.readInt();
                }
                float[] values = new float[Math.toIntExact(Shape.of(dims).size())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = in.readFloat();
                }
                answer.add(new Array(name, Shape.of(dims), values));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * How far two answers are apart, in units of what rounding explains: above 1 they are different.
     *
     * <p>Two sums of n products in different orders differ by about {@code sqrt(n)} roundings of a typical sum; the largest
     * difference among millions of elements is a few times that: 16 of them are allowed. A training step is judged by how far the weights moved,
     * and by the root mean square, of which 2 are allowed; and where a rounding error pushes a ReLU over its kink, one term comes or goes
     * in the sums of one filter's or unit's weights.
     */
    static double distance(Task task, List<Array> answer, List<Array> reference) {
        if (answer.size() != reference.size()) {
            return Double.POSITIVE_INFINITY;
        }
        List<Array> first = List.of();
        double kinks = 0;
        if (task instanceof Step step) {
            first = step.parameters();
            kinks = step.kinks() * Step.ANSWER_STEPS;
        }
        double worst = 0;
        for (int i = 0; i < answer.size(); i++) {
            Array a = answer.get(i);
            Array b = reference.get(i);
            if (!a.name().equals(b.name()) || !a.shape().equals(b.shape())) {
                return Double.POSITIVE_INFINITY;
            }
            // the losses come before the weights
            float[] from =
                    i == 0 || first.isEmpty() ? new float[0] : first.get(i - 1).values();
            // a loss is a mean over images, and smooth
            double share = i == 0
                    ? 0
                    : Math.sqrt(kinks / ((double) task.terms() * a.shape().dim(-1)));
            worst = Math.max(worst, distance(a.values(), b.values(), from, task.terms(), first.isEmpty(), share));
        }
        return worst;
    }

    private static double distance(float[] a, float[] b, float[] from, long terms, boolean largest, double kinks) {
        double squares = 0;
        double differences = 0;
        double most = 0;
        double stored = 0;
        for (int i = 0; i < a.length; i++) {
            double start = from.length == 0 ? 0 : from[i];
            double difference = Math.abs((double) a[i] - b[i]);
            squares += (b[i] - start) * (b[i] - start);
            differences += difference * difference;
            most = Math.max(most, difference);
            stored = Math.max(stored, Math.abs(start));
        }
        double scale = Math.sqrt(squares / a.length);
        double allowed =
                (largest ? 16 : 2) * ROUNDING * (Math.sqrt((double) terms) * scale + (from.length == 0 ? 0 : stored))
                        + 2 * kinks * scale;
        if (!Double.isFinite(squares + differences)) {
            return Double.POSITIVE_INFINITY;
        }
        double found = largest ? most : Math.sqrt(differences / a.length);
        return found == 0 ? 0 : found / allowed;
    }
}
