<?php
// Reads and writes cases with protobuf for PHP: probe.php GENERATED CASES RESULTS.

[, $generated, $cases, $results] = $argv;
spl_autoload_register(function ($class) use ($generated) {
    $path = str_replace('\\', '/', $class) . '.php';
    foreach ([$generated, '/usr/share/php'] as $folder) {
        if (is_file("$folder/$path")) {
            require_once "$folder/$path";
            return;
        }
    }
});

function run(array $case): array
{
    $class = str_replace('.', '\\', $case['message']);
    $message = new $class();
    if (isset($case['json'])) {
        $message->mergeFromJsonString($case['json'], $case['lenient']);
    } else {
        $message->mergeFromString(base64_decode($case['wire']));
    }
    return ['json' => $message->serializeToJsonString(), 'wire' => base64_encode($message->serializeToString())];
}

$answers = [];
foreach (json_decode(file_get_contents($cases), true) as $case) {
    try {
        $answers[] = run($case);
    } catch (Throwable $error) {
        $answers[] = ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
}
file_put_contents($results, json_encode($answers, JSON_INVALID_UTF8_SUBSTITUTE));
