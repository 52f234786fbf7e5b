<?php

declare(strict_types=1);

/*
 * Writes the classes of a WSDL, as the usual generators do: one class per type, one property per field, and the
 * class map to hand to SoapClient.
 *
 * generate.php WSDL-ADDRESS FILE
 */

[, $wsdl, $file] = $argv;
ini_set('soap.wsdl_cache_enabled', '0');
$client = new SoapClient($wsdl, ['cache_wsdl' => WSDL_CACHE_NONE]);

$code = "<?php\n\ndeclare(strict_types=1);\n";
$map = '';
foreach ($client->__getTypes() as $type) {
    if (!preg_match('/^struct (\w+) \{(.*)\}$/s', $type, $found)) {
        throw new RuntimeException("not a struct: $type");
    }
    [, $name, $body] = $found;
    $code .= "\nfinal class $name\n{\n";
    preg_match_all('/^ (\S+) (\w+);$/m', $body, $fields, PREG_SET_ORDER);
    foreach ($fields as [, $fieldType, $field]) {
        $code .= "    /** @var $fieldType */\n    public \$$field;\n\n";
    }
    $code = rtrim($code) . "\n}\n";
    $map .= "    '$name' => $name::class,\n";
}
file_put_contents($file, "$code\nreturn [\n$map];\n");
