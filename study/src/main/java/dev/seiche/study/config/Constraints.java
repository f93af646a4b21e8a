package dev.seiche.study.config;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the annotations of one key allow. */
final class Constraints {
    private final AnnotatedElement key;

    Constraints(AnnotatedElement key) {
        this.key = key;
    }

    /** The limits of each value in words, such as {@code greater than 0}; empty where there are none. */
    String describe() {
        List<String> words = new ArrayList<>();
        if (key.isAnnotationPresent(Positive.class)) {
            words.add("greater than 0");
        }
        AtLeast atLeast = key.getAnnotation(AtLeast.class);
        if (atLeast != null) {
            words.add("at least " + plain(atLeast.value()));
        }
        AtMost atMost = key.getAnnotation(AtMost.class);
        if (atMost != null) {
            words.add("at most " + plain(atMost.value()));
        }
        LessThan lessThan = key.getAnnotation(LessThan.class);
        if (lessThan != null) {
            words.add("less than " + plain(lessThan.value()));
        }
        OneOf oneOf = key.getAnnotation(OneOf.class);
        if (oneOf != null) {
            words.add("one of " + String.join(", ", oneOf.value()));
        }
        return String.join(", ", words);
    }

    /** The limit that a value breaks, in words. */
    Optional<String> broken(Object value) {
        if (value instanceof List<?> list) {
            if (list.isEmpty() && key.isAnnotationPresent(NotEmpty.class)) {
                return Optional.of("must not be empty");
            }
            return list.stream()
                    .map(this::brokenByOne)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return brokenByOne(value);
    }

    private Optional<String> brokenByOne(Object value) {
        if (value instanceof Number number) {
            return brokenByNumber(number.doubleValue());
        }
        if (value instanceof String text) {
            OneOf oneOf = key.getAnnotation(OneOf.class);
            if (oneOf != null && !List.of(oneOf.value()).contains(text)) {
                return Optional.of("must be one of " + String.join(", ", oneOf.value()));
            }
            if (text.isEmpty() && key.isAnnotationPresent(NotEmpty.class)) {
                return Optional.of("must not be empty");
            }
        }
        return Optional.empty();
    }

    private Optional<String> brokenByNumber(double x) {
        AtLeast atLeast = key.getAnnotation(AtLeast.class);
        AtMost atMost = key.getAnnotation(AtMost.class);
        LessThan lessThan = key.getAnnotation(LessThan.class);
        String broken = null;
        if (key.isAnnotationPresent(Positive.class) && !(x > 0)) {
            broken = "greater than 0";
        } else if (atLeast != null && !(x >= atLeast.value())) {
            broken = "at least " + plain(atLeast.value());
        } else if (atMost != null && !(x <= atMost.value())) {
            broken = "at most " + plain(atMost.value());
        } else if (lessThan != null && !(x < lessThan.value())) {
            broken = "less than " + plain(lessThan.value());
        }
        return must(broken);
    }

    private static Optional<String> must(@Nullable String broken) {
        return broken == null ? Optional.empty() : Optional.of("must be " + broken);
    }

    private static String plain(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
    }
}
