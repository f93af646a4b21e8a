package dev.seiche.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomsTest {
    /** What each room may see besides itself. The testkit sees them all, and none sees the testkit. */
    private static final Map<String, Set<String>> MAY_SEE = Map.of(
            "tensor", Set.of(),
            "kernels", Set.of("tensor"),
            "autograd", Set.of("tensor"),
            "nn", Set.of("tensor", "autograd"),
            "metrics", Set.of("tensor", "autograd", "nn"),
            "study", Set.of("tensor", "autograd", "nn", "metrics", "kernels"),
            "testkit", Set.of("tensor", "autograd", "nn", "metrics", "kernels", "study"));

    private final CompiledCode code = new CompiledCode();

    static Stream<Arguments> unseen() {
        return MAY_SEE.entrySet().stream().map(room -> {
            Set<String> unseen = new LinkedHashSet<>(MAY_SEE.keySet());
            unseen.add("bench");
            unseen.remove(room.getKey());
            unseen.removeAll(room.getValue());
            return Arguments.of(room.getKey(), unseen);
        });
    }

    @Test
    void everyRoomIsAmongTheCheckedClasses() {
        assertThat(MAY_SEE.keySet()).allMatch(room -> code.classes().stream().anyMatch(type -> livesIn(room, type)));
    }

    @Test
    void everyClassLivesInARoom() {
        List<String> homeless = code.classes().stream()
                .filter(type -> MAY_SEE.keySet().stream().noneMatch(room -> livesIn(room, type)))
                .map(JavaClass::getName)
                .toList();

        assertThat(homeless).isEmpty();
    }

    @ParameterizedTest(name = "{0} does not see {1}")
    @MethodSource("unseen")
    void aRoomSeesOnlyTheRoomsItStandsOn(String room, Set<String> unseen) {
        code.obeys(noClasses()
                .that()
                .resideInAPackage(inRoom(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unseen.stream().map(RoomsTest::inRoom).toArray(String[]::new))
                .because("study -> metrics -> nn -> autograd -> tensor <- kernels is the only direction"));
    }

    private static boolean livesIn(String room, JavaClass type) {
        return (type.getPackageName() + ".").startsWith("dev.seiche." + room + ".");
    }

    private static String inRoom(String room) {
        return "dev.seiche." + room + "..";
    }
}
