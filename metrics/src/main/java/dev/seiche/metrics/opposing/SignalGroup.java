package dev.seiche.metrics.opposing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Some of the selected samples that move together, named by the label that most of them have.
 *
 * @param samples  numbers of the samples, rising
 * @param label    the most frequent label; the smallest of several
 * @param purity   share of samples with this label, in (0, 1]
 * @param cohesion mean similarity of two different samples of the group, in [-1, 1]; 1 for a single sample
 */
public record SignalGroup(List<Integer> samples, int label, double purity, double cohesion) {
    public SignalGroup {
        samples = List.copyOf(samples);
    }

    /**
     * Splits samples by the signs of their changes of loss over the steps {@code from} (included) to {@code to} (excluded):
     * samples that swing together, even if one of the selected sets mixes several signals.
     *
     * @param samples   numbers of samples, as of {@link OpposingGroups#both}
     * @param threshold similarity at which groups stop being joined, in (-1, 1]; 0.5 is three equal signs in four
     */
    public static List<SignalGroup> bySigns(
            LossHistory history, int[] samples, int[] labels, int from, int to, double threshold) {
        double[][] signs = new double[samples.length][to - from];
        for (int t = from; t < to; t++) {
            double[] d = history.changes(t);
            for (int i = 0; i < samples.length; i++) {
                signs[i][t - from] = Math.signum(d[samples[i]]);
            }
        }
        return split(signs, samples, labels, threshold);
    }

    /**
     * Splits samples by any features, with their cosine as similarity: average-linkage clustering, joined from the most
     * similar pair on until no two groups are as similar as the threshold. Work: the cube of the samples.
     *
     * @param features one row for each sample: signs of changes, or gradients of the last layer
     * @return the largest group first
     */
    public static List<SignalGroup> split(double[][] features, int[] samples, int[] labels, double threshold) {
        double[][] similarity = similarities(features);
        List<List<Integer>> groups = new ArrayList<>();
        for (int i = 0; i < samples.length; i++) {
            groups.add(new ArrayList<>(List.of(i)));
        }
        while (groups.size() > 1) {
            int first = 0;
            int second = 1;
            double most = Double.NEGATIVE_INFINITY;
            for (int a = 0; a < groups.size(); a++) {
                for (int b = a + 1; b < groups.size(); b++) {
                    double mean = mean(similarity, groups.get(a), groups.get(b));
                    if (mean > most) {
                        most = mean;
                        first = a;
                        second = b;
                    }
                }
            }
            if (most < threshold) {
                break;
            }
            groups.get(first).addAll(groups.remove(second));
        }
        return groups.stream()
                .map(group -> named(group, similarity, samples, labels))
                .sorted(Comparator.comparingInt(
                        (SignalGroup group) -> -group.samples().size()))
                .toList();
    }

    private static SignalGroup named(List<Integer> group, double[][] similarity, int[] samples, int[] labels) {
        Map<Integer, Integer> votes = new TreeMap<>();
        group.forEach(i -> votes.merge(labels[samples[i]], 1, Integer::sum));
        int label = votes.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<Integer, Integer>comparingByKey().reversed()))
                .orElseThrow()
                .getKey();
        double n = group.size();
        // the mean over all ordered pairs counts each sample with itself, at 1
        double cohesion = n == 1 ? 1 : (mean(similarity, group, group) * n - 1) / (n - 1);
        return new SignalGroup(
                group.stream().map(i -> samples[i]).sorted().toList(),
                label,
                votes.getOrDefault(label, 0) / n,
                cohesion);
    }

    private static double[][] similarities(double[][] features) {
        double[][] out = new double[features.length][features.length];
        for (int i = 0; i < features.length; i++) {
            for (int j = 0; j <= i; j++) {
                double norms = Math.sqrt(dot(features[i], features[i]) * dot(features[j], features[j]));
                out[i][j] = i == j ? 1 : norms > 0 ? dot(features[i], features[j]) / norms : 0;
                out[j][i] = out[i][j];
            }
        }
        return out;
    }

    private static double mean(double[][] similarity, List<Integer> a, List<Integer> b) {
        double sum = 0;
        for (int i : a) {
            for (int j : b) {
                sum += similarity[i][j];
            }
        }
        return sum / ((double) a.size() * b.size());
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
