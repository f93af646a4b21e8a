package dev.seiche.study.oscillation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.HtmlReport;
import dev.seiche.study.report.Page;
import dev.seiche.study.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OscillationReportTest {
    private static List<String> ids(Page page) {
        return page.sections().stream()
                .flatMap(s -> s.figures().stream())
                .map(Figure::id)
                .toList();
    }

    @Test
    void aWholeRunHasEveryFigureAndBothTables(@TempDir Path directory) {
        Path run = MadeUpOscillation.write(directory.resolve("run"), 60);
        Page page = new OscillationReport().page(RunDirectory.read(run));
        assertThat(page.tables()).extracting(Figure.Table::id).containsExactly("summary", "verdicts");
        assertThat(ids(page))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrder(
                        "loss",
                        "gradient-norm",
                        "cosine-lr-0-02",
                        "cosine-lr-0-1",
                        "cosine-lr-0-2",
                        "prediction-lr-0-02",
                        "prediction-lr-0-1",
                        "prediction-lr-0-2",
                        "prediction-error-lr-0-02",
                        "prediction-error-lr-0-1",
                        "prediction-error-lr-0-2",
                        "sharpness",
                        "stability",
                        "progress-0",
                        "progress--0-5",
                        "progress--0-9",
                        "progress-table");
        Path file = directory.resolve("report.html");
        HtmlReport.write(page, file);
        assertThat(file).content().contains("does not hold", "lr=0.2");
    }

    @Test
    void aRunThatStoppedEarlyShowsWhatWasMeasured(@TempDir Path directory) throws IOException {
        Path run = MadeUpOscillation.write(directory.resolve("run"), 30);
        // As a killed process leaves it: no results, and rows of the first learning rate only.
        String json = Files.readString(run.resolve("run.json"));
        Files.writeString(
                run.resolve("run.json"),
                json.substring(0, json.indexOf("\"results\"")).replace("\"completed\"", "\"running\"")
                        + "\"results\" : null}");
        List<String> rows = Files.readAllLines(run.resolve("metrics.jsonl"));
        Files.writeString(run.resolve("metrics.jsonl"), String.join("\n", rows.subList(0, 12)) + "\n{\"step\":12,\"lr");
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("interrupted (no clean end)");
        Page page = new OscillationReport().page(read);
        assertThat(page.tables()).isEmpty();
        assertThat(ids(page)).contains("loss", "cosine-lr-0-02").doesNotContain("cosine-lr-0-1", "progress-table");
    }
}
