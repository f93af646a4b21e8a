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
        assertThat(Catalogue.entries())
                .allSatisfy(entry -> assertThat(entry.name()).isNotBlank());
        assertThat(Catalogue.of("grad/cos/fc1")).isPresent();
        assertThat(Catalogue.of("grad/nothing")).isEmpty();
    }

    @Test
    void theDocumentedTableIsThisOne() throws IOException {
        String page = Files.readString(Path.of("..").resolve("docs/metrics.md"));
        assertThat(page).contains("<!-- metrics:begin -->\n" + Catalogue.markdown() + "<!-- metrics:end -->");
    }
}
