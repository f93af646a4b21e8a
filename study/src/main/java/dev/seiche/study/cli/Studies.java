package dev.seiche.study.cli;

import dev.seiche.study.Study;
import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.report.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The studies and presets that a person can run by name. Nothing is searched for: whoever starts the program says. */
public final class Studies {
    /**
     * A study with its report.
     *
     * @param study  computes
     * @param report draws what it computed
     */
    public record Offer(Study<?> study, RunReport report) {}

    /**
     * A study with a few values of its own, under a name of its own.
     *
     * @param name        the name on the command line
     * @param study       name of the study
     * @param description one line
     * @param values      class-path resource of the YAML with the values, found next to the study's class
     */
    public record Preset(String name, String study, String description, String values) {}

    /**
     * What a name on the command line stands for.
     *
     * @param offer  the study
     * @param preset the preset, or null where the study itself was named
     * @param more   values on top of the built-in ones
     */
    public record Choice(Offer offer, @Nullable Preset preset, List<Config.Layer> more) {
        public Choice {
            more = List.copyOf(more);
        }

        /** With values on top. */
        public Choice under(Config.Layer layer) {
            return new Choice(offer, preset, List.of(layer));
        }

        /** The name that was given. */
        public String name() {
            return preset == null ? offer.study().name() : preset.name();
        }

        /** The built-in values and what lies on them, from the bottom up. */
        public List<Config.Layer> layers() {
            Study<?> study = offer.study();
            List<Config.Layer> layers = new ArrayList<>();
            layers.add(Config.Layer.builtIn("default", text(study, study.defaults())));
            if (preset != null) {
                layers.add(Config.Layer.builtIn("preset " + preset.name(), text(study, preset.values())));
            }
            layers.addAll(more);
            return layers;
        }

        private static String text(Study<?> study, String resource) {
            try (InputStream in = study.getClass().getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(
                            "resource " + resource + " of study " + study.name() + " is missing");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final List<Offer> offers;
    private final List<Preset> presets;

    public Studies(List<Offer> offers, List<Preset> presets) {
        this.offers = List.copyOf(offers);
        this.presets = List.copyOf(presets);
    }

    /** All studies. */
    public List<Offer> offers() {
        return offers;
    }

    /** All presets. */
    public List<Preset> presets() {
        return presets;
    }

    /**
     * The study or preset of a name.
     *
     * @throws UserException when there is none; it names the known ones
     */
    public Choice choose(String name) {
        Optional<Preset> preset =
                presets.stream().filter(p -> p.name().equals(name)).findFirst();
        if (preset.isPresent()) {
            return new Choice(study(preset.get().study()), preset.get(), List.of());
        }
        List<String> known = new ArrayList<>();
        presets.forEach(p -> known.add(p.name()));
        offers.forEach(o -> known.add(o.study().name()));
        if (offers.stream().noneMatch(o -> o.study().name().equals(name))) {
            throw new UserException("there is no study '%s'; %s".formatted(name, Suggestions.sentence(name, known)));
        }
        return new Choice(study(name), null, List.of());
    }

    /**
     * The study of a name.
     *
     * @throws UserException when there is none
     */
    public Offer study(String name) {
        return offers.stream()
                .filter(o -> o.study().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserException("there is no study '%s' in this version of Seiche; known: %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        offers.stream()
                                                .map(o -> o.study().name())
                                                .toList()))));
    }
}
