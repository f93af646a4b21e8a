package dev.seiche.study.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfigRoundTripTest {
    enum Kind {
        ONE_THING,
        OTHER
    }

    record Inner(String text, List<Kind> kinds, boolean on) {}

    record Outer(int count, long large, double x, List<Double> xs, List<String> words, Inner inner, List<Inner> more) {}

    @Provide
    Arbitrary<Outer> outers() {
        Arbitrary<Double> numbers =
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        Arbitrary<String> texts =
                Arbitraries.strings().all().filter(s -> s.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff));
        Arbitrary<Inner> inners = Combinators.combine(
                        texts, Arbitraries.of(Kind.class).list().ofMaxSize(3), Arbitraries.of(true, false))
                .as(Inner::new);
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        numbers,
                        numbers.list().ofMaxSize(4),
                        texts.list().ofMaxSize(4),
                        inners,
                        inners.list().ofMaxSize(2))
                .as(Outer::new);
    }

    @Property(tries = 300)
    void resolvedYamlBindsToTheSameRecord(@ForAll("outers") Outer value) {
        String yaml = ResolvedYaml.write(value, java.util.Map.of());
        assertThat(Config.bind(Outer.class, List.of(Config.Layer.file("f", yaml)), List.of())
                        .value())
                .as(yaml)
                .isEqualTo(value);
    }

    @Property
    void anyTextEitherBindsOrIsRefusedInFiveLinesAtMost(@ForAll String text) {
        assertThatCode(() -> {
                    try {
                        Config.bind(Outer.class, List.of(Config.Layer.file("f", text)), List.of());
                    } catch (ConfigException e) {
                        assertThat(e.getMessage()).isNotBlank();
                        assertThat(e.getMessage().lines().count()).isLessThanOrEqualTo(5);
                    }
                })
                .doesNotThrowAnyException();
    }
}
