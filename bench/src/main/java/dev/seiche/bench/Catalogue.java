package dev.seiche.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All tasks, in groups that share a process. */
final class Catalogue {
    /**
     * Tasks that are timed in turn in one process.
     *
     * @param warmUpSeconds for each task, first; a training step runs more Java code than a single op, which takes the JVM
     *     some seconds to compile
     * @param seconds for each task, in {@link #WINDOWS} windows
     */
    record Group(List<Task> tasks, double warmUpSeconds, double seconds) {
        Group {
            tasks = List.copyOf(tasks);
        }
    }

    /** How often each task gets its turn in one process. */
    static final int WINDOWS = 4;

    private Catalogue() {}

    /** What a user waits for, in the README's table. */
    static List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        groups.add(new Group(List.of(Step.mlp()), 10, 2));
        groups.add(new Group(List.of(Step.cnn()), 10, 2));
        groups.add(new Group(
                List.of(new Matmul(128, 512, 784), new Matmul(256, 256, 256), new Matmul(1024, 1024, 1024)), 1, 0.8));
        groups.addAll(convolutions(Convolution.Pass.FORWARD, Convolution.Pass.BACKWARD));
        return List.copyOf(groups);
    }

    /** The two halves of a convolution's backward pass, each alone. */
    static List<Group> halves() {
        return convolutions(Convolution.Pass.BACKWARD_DATA, Convolution.Pass.BACKWARD_WEIGHTS);
    }

    /** The 3x3 convolutions of a ResNet-18 on images of 32x32. */
    private static List<Group> convolutions(Convolution.Pass... passes) {
        List<Group> groups = new ArrayList<>();
        for (int[] shape : new int[][] {{32, 3, 64}, {32, 64, 64}, {16, 128, 128}, {8, 256, 256}, {4, 512, 512}}) {
            List<Task> tasks = new ArrayList<>();
            for (Convolution.Pass pass : passes) {
                tasks.add(new Convolution(64, shape[0], shape[1], shape[2], pass));
            }
            groups.add(new Group(tasks, 1, 0.8));
        }
        return groups;
    }

    /** What is asked about sample gradients, beside training steps and a product of matrices for comparison. */
    static List<Group> samples() {
        Step mlp = Step.samplesMlp();
        Step cnn = Step.samplesCnn();
        return List.of(
                new Group(List.of(new Matmul(1024, 1024, 1024)), 1, 0.8),
                new Group(List.of(mlp, new Samples(mlp, Samples.Want.GRAM)), 4, 1.6),
                new Group(
                        List.of(new Samples(mlp, Samples.Want.GRAM_FORMED), new Samples(mlp, Samples.Want.GRAM_LOOP)),
                        0.5,
                        0.4),
                new Group(
                        List.of(
                                cnn,
                                new Samples(cnn, Samples.Want.NORMS),
                                new Samples(cnn, Samples.Want.NORMS_AND_MEAN)),
                        4,
                        1.6),
                new Group(
                        List.of(
                                new ConvolutionGram(16, 64, 128),
                                new ConvolutionGram(16, 128, 64),
                                new ConvolutionGram(8, 256, 64),
                                new ConvolutionGram(4, 512, 64)),
                        1,
                        1.2));
    }

    static Task named(String name) {
        return Stream.of(groups(), halves(), samples())
                .flatMap(List::stream)
                .flatMap(group -> group.tasks().stream())
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no task '" + name + "'"));
    }
}
