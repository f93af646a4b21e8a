package dev.seiche.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a kept image is known by. */
class ImageCacheTest {
    @Test
    void everyPartIsInTheKeyAndNoneRunsIntoTheNext() {
        List<String> parts = List.of("--std=c++17", "source", "header", "sm_80", "12.6", "card");
        Set<String> keys = new HashSet<>(List.of(ImageCache.key("sum.cu", parts)));
        for (int i = 0; i < parts.size(); i++) {
            List<String> other = new ArrayList<>(parts);
            other.set(i, parts.get(i) + "x");
            keys.add(ImageCache.key("sum.cu", other));
        }
        keys.add(ImageCache.key("sum.cu", List.of("--std=c++17source", "", "header", "sm_80", "12.6", "card")));
        keys.add(ImageCache.key("max.cu", parts));
        assertThat(keys).hasSize(parts.size() + 3);
        assertThat(ImageCache.key("sum.cu", parts)).isEqualTo(ImageCache.key("sum.cu", List.copyOf(parts)));
    }
}
