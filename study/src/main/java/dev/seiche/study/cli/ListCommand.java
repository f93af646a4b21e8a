package dev.seiche.study.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code seiche list}: what can be run. */
@Command(name = "list", description = "Lists the studies and presets.")
final class ListCommand implements Callable<Integer> {
    private final Studies studies;
    private final Console console;

    ListCommand(Studies studies, Console console) {
        this.studies = studies;
        this.console = console;
    }

    @Override
    public Integer call() {
        for (Studies.Preset preset : studies.presets()) {
            print(preset.name(), preset.description() + " (preset of " + preset.study() + ")");
        }
        for (Studies.Offer offer : studies.offers()) {
            print(offer.study().name(), offer.study().description());
        }
        return 0;
    }

    private void print(String name, String description) {
        console.out().println("%-24s %s".formatted(name, description));
    }
}
