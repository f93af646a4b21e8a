package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 4096, HugePages.PAGE_BYTES, HugePages.PAGE_BYTES + 1, 5 * HugePages.PAGE_BYTES - 8})
    void aBlockIsAlignedZeroAndWritableToItsEnd(long bytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment block = HugePages.allocate(bytes, arena);
            assertThat(block.byteSize()).isEqualTo(bytes);
            assertThat(block.address() % HugePages.PAGE_BYTES).isZero();
            for (long i = 0; i + 8 <= bytes; i += 8) {
                assertThat(block.get(JAVA_LONG, i)).isZero();
            }
            block.set(JAVA_BYTE, bytes - 1, (byte) 7);
            assertThat(block.get(JAVA_BYTE, bytes - 1)).isEqualTo((byte) 7);
        }
    }

    @Test
    void aBlockDiesWithItsArena() {
        Arena arena = Arena.ofShared();
        MemorySegment block = HugePages.allocate(1 << 22, arena);
        arena.close();
        assertThatIllegalStateException().isThrownBy(() -> block.get(JAVA_BYTE, 0));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void moreThanTheAddressSpaceHasNoRoom() {
        try (Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> HugePages.allocate(1L << 50, arena))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessageContaining("no room for a block of");
            assertThatIllegalArgumentException().isThrownBy(() -> HugePages.allocate(0, arena));
        }
    }
}
