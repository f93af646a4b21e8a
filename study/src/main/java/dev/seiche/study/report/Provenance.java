package dev.seiche.study.report;

import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a page that are the same for every study: what was run, on what, with which configuration. */
public final class Provenance {
    private Provenance() {}

    /** The head: study, status, seed, device, time. */
    public static List<Page.Fact> head(RunDirectory run) {
        RunRecord record = run.record();
        List<Page.Fact> facts = new ArrayList<>();
        facts.add(new Page.Fact(
                "Study", record.preset() == null ? record.study() : record.preset() + " (" + record.study() + ")"));
        facts.add(new Page.Fact("Status", run.statusInWords()));
        if (record.message() != null) {
            facts.add(new Page.Fact("Because", record.message()));
        }
        facts.add(new Page.Fact("Seed", Long.toString(record.seed())));
        facts.add(new Page.Fact(
                "Device",
                "%s, %d thread%s"
                        .formatted(
                                record.platform().device(),
                                record.platform().threads(),
                                record.platform().threads() == 1 ? "" : "s")));
        facts.add(new Page.Fact("Started", record.started().replaceAll("\\.\\d+Z$", "Z")));
        if (record.ended() != null && record.resumed().isEmpty()) {
            facts.add(new Page.Fact("Took", took(record.started(), record.ended())));
        }
        facts.add(new Page.Fact("Rows", Long.toString(run.metrics().rows())));
        return facts;
    }

    private static String took(String from, String to) {
        try {
            return Digits.duration(
                    Duration.between(Instant.parse(from), Instant.parse(to)).toMillis() / 1e3);
        } catch (DateTimeParseException e) {
            return "n/a";
        }
    }

    /** The foot: run, versions, machine, overrides, configuration with the source of each value. */
    public static List<Page.Fact> foot(RunDirectory run) {
        RunRecord record = run.record();
        List<Page.Fact> facts = new ArrayList<>();
        facts.add(new Page.Fact("Run", record.id()));
        platform(record.platform(), facts);
        for (RunRecord.Resumption from : record.resumed()) {
            boolean same = from.platform().equals(record.platform());
            facts.add(new Page.Fact(
                    "Resumed",
                    "%s from step %d%s".formatted(from.at(), from.step(), same ? "" : ", on " + from.platform())));
        }
        if (record.data() != null) {
            facts.add(new Page.Fact("Data", record.data()));
        }
        if (!record.overrides().isEmpty()) {
            facts.add(new Page.Fact("Overrides", String.join("\n", record.overrides())));
        }
        StringBuilder config = new StringBuilder();
        config("", record.config(), record.origins(), config);
        facts.add(new Page.Fact("Configuration", config.toString().stripTrailing()));
        return facts;
    }

    private static void platform(Platform platform, List<Page.Fact> facts) {
        facts.add(new Page.Fact("Seiche", platform.seiche() + ", build " + platform.build()));
        facts.add(new Page.Fact("Java", platform.java()));
        facts.add(new Page.Fact("System", platform.os()));
        facts.add(new Page.Fact("Processor", "%s, %d available".formatted(platform.cpu(), platform.cores())));
    }

    private static void config(String path, @Nullable Object value, Map<String, String> origins, StringBuilder out) {
        if (value instanceof Map<?, ?> group) {
            group.forEach((key, inner) -> config(path.isEmpty() ? "" + key : path + "." + key, inner, origins, out));
        } else {
            String origin = origins.getOrDefault(path, "default");
            out.append(path).append(" = ").append(value);
            out.append(origin.equals("default") ? "\n" : "   (" + origin + ")\n");
        }
    }
}
