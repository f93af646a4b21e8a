package dev.seiche.metrics.preset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void everyEntryIsCompleteAndNamedOnce() {
        assertThat(Catalogue.entries()).extracting(Entry::name).doesNotHaveDuplicates();
        assertThat(Catalogue.entries()).allSatisfy(entry -> {
            assertThat(entry.name()).isNotBlank();
            assertThat(entry.need()).isNotBlank();
            assertThat(entry.formula()).isNotBlank();
        });
        assertThat(Catalogue.of("grad/cos/fc1")).isPresent();
        assertThat(Catalogue.of("confusion/size/4/min_cos")).isPresent();
        assertThat(Catalogue.of("grad/nothing")).isEmpty();
    }

    @Test
    void everyMeasureDeclaresItsNeedsAndItsSchedule() {
        for (Measure measure : Measure.values()) {
            assertThat(measure.needs()).as(measure.word()).isNotEmpty();
            assertThat(measure.usual()).as(measure.word()).isPositive();
        }
    }

    @Test
    void theDocumentedTableIsThisOne() throws IOException {
        String page = Files.readString(Path.of("..").resolve("docs/metrics.md"));
        assertThat(page).contains("<!-- metrics:begin -->\n" + Catalogue.markdown() + "<!-- metrics:end -->");
    }
}
