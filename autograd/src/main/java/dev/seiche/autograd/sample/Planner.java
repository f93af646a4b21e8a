package dev.seiche.autograd.sample;

import dev.seiche.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for each parameter and question the exact route of fewest operations whose working memory fits the budget. Looks
 * at shapes only, so the same shapes give the same plan. Immutable.
 *
 * <p>For a Gram matrix this is the rule: contract where {@code T^2 (d + p) < d p (1 + T / R)}, with R the samples that each
 * formed gradient meets; the well-known {@code 2 T^2 <= d p} is about the memory of one norm and is wrong here.
 */
public final class Planner {
    private static final long STANDARD_BUDGET = 256L << 20;

    private final long budget;
    private final Map<Question, Route> preferred;
    private final Map<String, Map<Question, Route>> ordered;

    private Planner(long budget, Map<Question, Route> preferred, Map<String, Map<Question, Route>> ordered) {
        this.budget = budget;
        this.preferred = Map.copyOf(preferred);
        this.ordered = Map.copyOf(ordered);
    }

    /** Within 256 MiB of working memory, nothing ordered. */
    public static Planner standard() {
        return new Planner(STANDARD_BUDGET, Map.of(), Map.of());
    }

    /**
     * Within so many bytes of working memory for each parameter, beside factors and results. What cannot be cut further is
     * done at once all the same: one pair of samples of a contraction, one coordinate of all samples.
     */
    public Planner withBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("planner: a budget of " + bytes + " bytes; give at least 1");
        }
        return new Planner(bytes, preferred, ordered);
    }

    /** Takes this route for every parameter that has it; the others are planned. */
    public Planner with(Question question, Route route) {
        Map<Question, Route> more = new HashMap<>(preferred);
        more.put(question, route);
        return new Planner(budget, more, ordered);
    }

    /** Takes this route for one parameter; planning fails when it has no such route. */
    public Planner with(String parameter, Question question, Route route) {
        Map<String, Map<Question, Route>> more = new HashMap<>(ordered);
        Map<Question, Route> routes = new HashMap<>(more.getOrDefault(parameter, Map.of()));
        routes.put(question, route);
        more.put(parameter, Map.copyOf(routes));
        return new Planner(budget, preferred, more);
    }

    /** Bytes of working memory. */
    public long budget() {
        return budget;
    }

    boolean prefers(Question question, Route route) {
        return preferred.get(question) == route;
    }

    /** The plan for the pairs of a batch with itself, or for each of its samples, with one direction. */
    public Plan plan(Question question, List<LayerShape> layers, int samples, DType dtype) {
        return plan(question, layers, samples, question == Question.DOT ? 1 : samples, dtype);
    }

    /**
     * The plan for all pairs of {@code rows} samples with {@code columns} others.
     *
     * @param columns samples, or for {@link Question#DOT} directions, that each gradient meets; of no matter else
     */
    public Plan plan(Question question, List<LayerShape> layers, int rows, int columns, DType dtype) {
        return plan(question, layers, Set.of(), rows, columns, dtype);
    }

    /**
     * @param biases places of layers that are the bias of the one before, whose product they may join
     */
    Plan plan(Question question, List<LayerShape> layers, Set<Integer> biases, int rows, int columns, DType dtype) {
        List<Plan.Line> lines = new ArrayList<>();
        for (LayerShape layer : layers) {
            Plan.Line line = line(question, layer, rows, columns, dtype);
            boolean joins = biases.contains(lines.size()) && question == Question.GRAM;
            lines.add(joins ? joined(lines.getLast(), line, rows, columns, dtype) : line);
        }
        return new Plan(question, rows, columns, lines);
    }

    /** A bias in the product of its weight, where that is contracted in one pass and the budget holds both. */
    private Plan.Line joined(Plan.Line weight, Plan.Line bias, int rows, int columns, DType dtype) {
        boolean contracted = weight.route() == Route.CONTRACT
                && inOnePass(Question.GRAM, weight.layer(), weight.route(), rows, columns, dtype);
        // copies of the weight's inputs, each with a 1 behind
        double bytes =
                dtype.bytes() * ((double) rows + columns) * (weight.layer().left() + 1);
        return contracted && order(Question.GRAM, bias.layer()) == null && weight.bytes() + bytes <= budget
                ? new Plan.Line(bias.layer(), Route.JOINED, 2.0 * rows * columns, bytes)
                : bias;
    }

    /** The route that was asked for; null where the planner has the choice. */
    private @Nullable Route order(Question question, LayerShape layer) {
        Route order = ordered.getOrDefault(layer.name(), Map.of()).get(question);
        List<Route> routes = layer.routes(question);
        if (order != null && !routes.contains(order)) {
            throw new IllegalArgumentException("planner: " + layer.name() + " has no route " + order + " for "
                    + question + "; its routes are " + routes);
        }
        Route wish = preferred.get(question);
        return order == null && wish != null && routes.contains(wish) ? wish : order;
    }

    Plan.Line line(Question question, LayerShape layer, int rows, int columns, DType dtype) {
        Route order = order(question, layer);
        Plan.Line best = null;
        double least = 0;
        for (Route route : order == null ? layer.routes(question) : List.of(order)) {
            Plan.Line line = line(question, layer, route, rows, columns, dtype);
            double time = time(question, layer, route, rows, columns);
            if (best == null || better(line, time, best, least)) {
                best = line;
                least = time;
            }
        }
        if (best == null) {
            throw new AssertionError("no route for " + layer);
        }
        return best;
    }

    /** What a route takes, whether it is the best or not. */
    Plan.Line line(Question question, LayerShape layer, Route route, int rows, int columns, DType dtype) {
        return new Plan.Line(
                layer,
                route,
                flops(question, layer, route, rows, columns),
                bytes(question, layer, route, rows, columns, dtype));
    }

    private boolean better(Plan.Line a, double timeA, Plan.Line b, double timeB) {
        boolean fits = a.bytes() <= budget;
        return fits == b.bytes() <= budget ? timeA < timeB : fits;
    }

    /** Operations, those that take longer than others counted for more. */
    private static double time(Question question, LayerShape layer, Route route, int rows, int columns) {
        double pairs = question == Question.GRAM ? (double) rows * columns : question == Question.NORMS ? rows : 0;
        double more = layer.timePerPair(route) - layer.flopsPerPair(route);
        return flops(question, layer, route, rows, columns) + pairs * more;
    }

    private static double flops(Question question, LayerShape layer, Route route, int rows, int columns) {
        boolean forms = route == Route.MATERIALISE;
        double form = forms ? rows * layer.flopsToForm() : 0;
        return switch (question) {
            case NORMS -> form + rows * layer.flopsPerPair(route);
            case GRAM -> form + (double) rows * columns * layer.flopsPerPair(route);
            case DOT -> dot(layer, forms, rows, columns);
            case SECOND_MOMENT -> form + rows * 2.0 * layer.size();
        };
    }

    /** Gradients are formed once for all directions in one pass, else for each. */
    private static double dot(LayerShape layer, boolean forms, int rows, int directions) {
        if (!forms) {
            return (double) rows * directions * project(layer);
        }
        double times = layer.fused() ? 1 : directions;
        return rows * (times * layer.flopsToForm() + directions * 2.0 * layer.size());
    }

    private static double project(LayerShape layer) {
        double moved = layer.form() == LayerShape.Form.ROWS ? 2.0 * layer.size() : layer.flopsToForm();
        return moved + 2.0 * layer.positions() * layer.groups() * layer.right();
    }

    private double bytes(Question question, LayerShape layer, Route route, int rows, int columns, DType dtype) {
        boolean diagonal = question != Question.GRAM;
        if (inOnePass(question, layer, route, rows, columns, dtype)) {
            return dtype.bytes() * layer.passElements(question, route, rows, columns);
        }
        return switch (route) {
            case CONTRACT, SHIFT ->
                dtype.bytes()
                        * layer.mapElements(
                                route, samplesAtOnce(layer, route, Math.max(rows, columns), diagonal, dtype), diagonal);
            case MATERIALISE ->
                dtype.bytes() * layer.slabElements(coordinatesAtOnce(layer, Math.max(rows, columns), dtype), rows);
            case PROJECT -> dtype.bytes() * 2.0 * rows * layer.positions() * layer.groups() * layer.right();
            default -> (double) dtype.bytes() * rows * layer.size();
        };
    }

    /** Whether a route is taken by an op that reads what it forms in one pass: where there is one, and its memory fits. */
    boolean inOnePass(Question question, LayerShape layer, Route route, int rows, int columns, DType dtype) {
        boolean has = route == Route.CONTRACT || route == Route.SHIFT
                ? question == Question.NORMS || question == Question.GRAM
                : route == Route.MATERIALISE;
        return has && layer.fused() && dtype.bytes() * layer.passElements(question, route, rows, columns) <= budget;
    }

    /** The most samples, at least one, whose contraction with as many others, or each with itself, fits the budget. */
    int samplesAtOnce(LayerShape layer, Route route, int samples, boolean diagonal, DType dtype) {
        int n = Math.max(1, samples);
        while (n > 1 && dtype.bytes() * layer.mapElements(route, n, diagonal) > budget) {
            n = (n + 1) / 2;
        }
        return n;
    }

    /** The most coordinates, at least one, of which a slab of all samples fits the budget. */
    long coordinatesAtOnce(LayerShape layer, int samples, DType dtype) {
        long n = Math.max(1, layer.size());
        while (n > 1 && dtype.bytes() * layer.slabElements(n, samples) > budget) {
            n = (n + 1) / 2;
        }
        return n;
    }

    /** The most samples, at least one, whose whole gradients fit the budget. */
    int gradientsAtOnce(LayerShape layer, int samples, DType dtype) {
        return (int) Math.max(
                1,
                Math.min(samples, budget / (2.0 * dtype.bytes() * Math.max(1, layer.slabElements(layer.size(), 1)))));
    }
}
