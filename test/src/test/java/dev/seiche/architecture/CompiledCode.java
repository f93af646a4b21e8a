package dev.seiche.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

/** The classes of every module that this one sees, without their tests. The benchmarks are not among them. */
final class CompiledCode {
    private static final ImportOption NO_TESTS = location -> !location.contains("/test-classes/");

    private final JavaClasses classes =
            new ClassFileImporter().withImportOption(NO_TESTS).importPackages("dev.seiche");

    JavaClasses classes() {
        return classes;
    }

    /** Checks a rule; one that no class comes under yet holds. */
    void obeys(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }
}
