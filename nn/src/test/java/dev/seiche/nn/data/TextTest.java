package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void charactersAreNumberedInTheirUnicodeOrder() {
        Text text = Text.characters("t", "bab\u00e9a");

        assertThat(text.vocabulary()).isEqualTo(3);
        assertThat(text.symbols()).containsExactly("a", "b", "\u00e9");
        assertThat(new int[] {text.id(0), text.id(1), text.id(3)}).containsExactly(1, 0, 2);
    }

    @Test
    void bytesAreTheirOwnIds() {
        Text text = Text.bytes("t", "\u00e9".getBytes(StandardCharsets.UTF_8));

        assertThat(text.vocabulary()).isEqualTo(256);
        assertThat(new int[] {text.id(0), text.id(1)}).containsExactly(0xc3, 0xa9);
        assertThat(text.symbols().get(0xc3)).isEqualTo("c3");
    }

    @Test
    void targetsAreTheInputsOneSymbolLater() {
        Dataset windows = Text.characters("t", "abcdefg").windows(3, 2);
        try (HostBackend device = new HostBackend();
                Scope scope = Scope.root(device, "test")) {
            Batch batch = windows.all(scope, DType.F32);
            assertThat(batch.inputs().toInts()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(batch.targets().toInts()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void aContinuationIsTheOneSymbolAfterItsWindow() {
        Dataset spread = Text.characters("t", "abcdefghi").continuations(2, 3);
        try (HostBackend device = new HostBackend();
                Scope scope = Scope.root(device, "test")) {
            Batch batch = spread.all(scope, DType.F32);
            assertThat(batch.inputs().toInts()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(batch.targets().toInts()).containsExactly(2, 4, 6);
        }
        assertThatThrownBy(() -> Text.characters("t", "abcdef").continuations(3, 4))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("need a text of 7, this one has 6");
    }

    @Test
    void aTextThatIsTooShortSaysHowMuchIsNeeded() {
        assertThatThrownBy(() -> Text.characters("t", "abcdef").windows(3, 2))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("need a text of 7, this one has 6");
    }
}
